import { useWords } from '../../words/language.ts';
import { Looks } from './looks.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSignIns } from './own-sign-ins.tsx';
import { settingsWords } from './settings-words.ts';
import { Sites } from './sites.tsx';
import { Assignments } from './tariff-assignments.tsx';
import { Tariffs } from './tariffs.tsx';

/** What is one's own, then what all share: sites and prices. */
export function SettingsPage() {
  const words = useWords(settingsWords);
  return (
    <>
      <h1>{words.title}</h1>
      <div className="sides">
        <div className="stack">
          <Sites />
          <Tariffs />
          <Assignments />
        </div>
        <aside>
          <Looks />
          <OwnPassword />
          <OwnSignIns />
        </aside>
      </div>
    </>
  );
}
