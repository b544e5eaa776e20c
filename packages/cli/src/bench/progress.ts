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

/** Several lines that take the place of the last ones, on a terminal only; none clears them. */
export function terminalBlock(stream: WriteStream): (lines: readonly string[]) => void {
  let shown = 0;
  return (lines) => {
    if (!stream.isTTY) return;
    if (shown > 0) stream.moveCursor(0, -shown);
    stream.cursorTo(0);
    stream.clearScreenDown();
    for (const line of lines) stream.write(`${line.slice(0, Math.max(20, stream.columns - 1))}\n`);
    shown = lines.length;
  };
}
