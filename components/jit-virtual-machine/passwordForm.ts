/**
 * Form of a generated administrator password: all four kinds of characters, of which Azure requires three, and none
 * that a shell or XML interprets.
 */
export const passwordLength = 32;
export const passwordSpecials = "!@#%*-_=+";
