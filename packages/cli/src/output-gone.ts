const LASTING: ReadonlySet<string | undefined> = new Set(['serve', 'up', 'station', 'lab', 'fleet']);

/**
 * Whoever read our output is gone (a closed terminal, `| head`, a restarted log collector): what only prints ends, what runs for
 * others goes on unheard.
 */
export function surviveLostOutput(command: string | undefined): void {
  const lost = (error: Error & { readonly code?: string }): void => {
    if (error.code !== 'EPIPE') throw error;
    if (!LASTING.has(command)) process.exit();
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', lost);
}
