import { getCACertificates, setDefaultCACertificates } from "node:tls";

/**
 * Lets this process trust a certificate authority beside the usual ones, as NODE_EXTRA_CA_CERTS does from the start.
 * @param ca certificate as PEM.
 * @returns takes it back.
 */
export function trust(ca: string): () => void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, ca]);
  return () => {
    setDefaultCACertificates(before);
  };
}
