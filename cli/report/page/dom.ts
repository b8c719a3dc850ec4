/** Creates elements. Text from a log becomes text nodes only, so it is never parsed as markup. */

type Child = Node | string | null;

interface Properties {
  readonly class?: string;
  readonly [attribute: string]: string | number | boolean | undefined;
}

/** @param properties attributes. `true` sets one without a value; `false` and `undefined` leave it out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Returns an element of the page's HTML. */
export function found<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const one = document.getElementById(id);
  if (!(one instanceof kind)) throw new Error(`The page has no ${kind.name} with the id ${id}.`);
  return one;
}

/** Runs a function once, after calls have paused for a while. */
export function afterPause(milliseconds: number, run: () => void): () => void {
  let timer: number | undefined;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, milliseconds);
  };
}

/** Runs a function at most once per frame. */
export function oncePerFrame(run: () => void): () => void {
  let isPending = false;
  return () => {
    if (isPending) return;
    isPending = true;
    requestAnimationFrame(() => {
      isPending = false;
      run();
    });
  };
}
