/**
 * Runs a program and waits until the engine has answered for everything that it registered.
 * @param load - imports the program: a module whose default export deploys the stack.
 * @returns the stack's outputs.
 * @throws the program's error, the error of a registration, or an error if nothing was registered.
 */
export function start<Outputs>(load: () => Promise<{ readonly default: () => Promise<Outputs> }>): Promise<Outputs>;
