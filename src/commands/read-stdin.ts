const LONGEST = 10_000;

/** A URL given on the command line stands in the shell's history and in the process list; one from stdin does not. */
export async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > LONGEST) break;
  }
  return text.trim();
}
