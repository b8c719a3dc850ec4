/** Reads the data in the page: gzip in base64, in elements with no other content. */

/** @returns the JSON in an element of the page; `undefined` if there is no such element. */
export async function readElement(id: string): Promise<unknown> {
  const text = document.getElementById(id)?.textContent;
  return text === undefined ? undefined : JSON.parse(await unzipped(bytesOf(text)));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < characters.length; index += 1) {
    bytes[index] = characters.charCodeAt(index);
  }
  return bytes;
}

async function unzipped(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
