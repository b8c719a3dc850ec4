/** The project's documentation on the web: a package does not contain it. */

/** @param page such as `cli.md`. */
export function docs(page: string): string {
  return `https://github.com/bastion-trail/bastion-trail/blob/main/docs/${page}`;
}
