import type { WriteStream } from 'node:tty';

/** One line that is written over, on a terminal only; it is gone once something else is printed there. */
export const terminalProgress =
  (stream: WriteStream): ((text: string) => void) =>
  (text) => {
    if (!stream.isTTY) return;
    stream.cursorTo(0);
    stream.clearLine(0);
    stream.write(text.slice(0, Math.max(20, stream.columns - 1)));
  };
