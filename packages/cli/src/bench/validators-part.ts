import { isOcppVersion, loadRules } from '@busbar/protocol';
import { answerLines } from './part.ts';

/** Loads one version's validators in a process that has not done so, and says how long that took, in ms. */
export function validatorsPart(): void {
  answerLines('validators', async ({ version }) => {
    if (!isOcppVersion(version)) return Number.NaN;
    const from = performance.now();
    await loadRules(version);
    return performance.now() - from;
  });
}
