const VOID = new Set(['meta', 'br', 'link']);

/** What is not balanced in a text of markup, for the tests of the reports: a tag left open, a stray sign, an id that stands twice. */
export function faultsOf(text: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  const body = text.replace(/^<\?xml[^?]*\?>\s*|^<!doctype html>\s*/, '').replaceAll(/<style>[^<]*<\/style>/g, '');
  const rest = body.replaceAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+="[^"<]*")*)\s*(\/?)>/g,
    (_tag, close: string, name: string, attributes: string, self: string) => {
      for (const [, id = ''] of attributes.matchAll(/\sid="([^"]*)"/g)) {
        if (ids.has(id)) faults.push(`the id ${id} stands twice`);
        ids.add(id);
      }
      if (self === '/' || VOID.has(name)) return '';
      if (close === '') open.push(name);
      else if (open.pop() !== name) faults.push(`</${name}> closes something else`);
      return '';
    },
  );
  if (/[<>]/.test(rest)) faults.push(`a stray sign: ${/.{0,40}[<>].{0,40}/s.exec(rest)?.[0] ?? ''}`);
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(rest)) faults.push('an ampersand of its own');
  for (const [, target = ''] of body.matchAll(/href="#([^"]*)"/g)) if (!ids.has(target)) faults.push(`a link to ${target} leads nowhere`);
  return [...faults, ...open.map((name) => `<${name}> is left open`)];
}
