/** Makes elements. Text from a log becomes text nodes only, so nothing in it is ever read as markup. */

type Child = Node | string | null;

interface Properties {
  readonly class?: string;
  readonly [attribute: string]: string | number | boolean | undefined;
}

/** @param properties attributes; `true` is one without a value, `false` and `undefined` leave it out. */
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

/** An element that the page's HTML has. */
export function found<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const one = document.getElementById(id);
  if (!(one instanceof kind)) throw new Error(`The page has no ${kind.name} with the id ${id}.`);
  return one;
}

/** Runs a function once, when calls have stopped coming for a while. */
export function afterPause(milliseconds: number, run: () => void): () => void {
  let timer: number | undefined;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, milliseconds);
  };
}

/** Runs a function at most once a frame. */
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
