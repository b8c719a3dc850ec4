// @peculiar/x509 uses tsyringe, which requires this polyfill to be loaded first.
import "reflect-metadata";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as x509 from "@peculiar/x509";
import { writePrivate } from "./directory.ts";
import { openStateFile } from "./stateFile.ts";

/** The sandbox's own certificate authority and the server certificate that it signed, as files and as PEM. */
export interface Tls {
  /** Certificate of the authority, which clients must trust. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** RSA 2048 with SHA-256: the only choice that every client accepts (Azurite, Go, Python's OpenSSL, Node). */
const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};

const day = 24 * 60 * 60 * 1000;
/** Apple's clients accept a server certificate for at most 825 days, regardless of who signed it. */
const validDays = 820;
/** A certificate that expires sooner is replaced at the next start. */
const renewDays = 30;

/**
 * Returns the certificates of the sandbox in `directory/tls`. They are created at the first call and reused while they
 * are valid, so that a client that trusts the authority keeps working after a restart. Valid for 127.0.0.1, ::1,
 * localhost and *.localhost. The authority's private key is never stored: nobody can sign another certificate with it.
 * @throws Failure if the folder cannot be written or a file in it is damaged.
 */
export async function ensureTls(directory: string): Promise<Tls> {
  const folder = join(directory, "tls");
  const files = {
    caFile: join(folder, "ca.pem"),
    certFile: join(folder, "server.pem"),
    keyFile: join(folder, "server-key.pem"),
  };
  if (!isUsable(files)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = await makeCertificates();
    // The certificate is written last: without it the set is not usable, so an incomplete set is created again.
    writePrivate(files.caFile, made.ca);
    writePrivate(files.keyFile, made.key);
    writePrivate(files.certFile, made.cert);
  }
  return {
    ...files,
    ca: readFileSync(files.caFile, "utf8"),
    cert: readFileSync(files.certFile, "utf8"),
    key: readFileSync(files.keyFile, "utf8"),
  };
}

/** @throws Failure if they exist but are damaged: clients that trust this authority would not trust a new one. */
function isUsable({ caFile, certFile, keyFile }: Pick<Tls, "caFile" | "certFile" | "keyFile">): boolean {
  if (![caFile, certFile, keyFile].every((file) => existsSync(file))) return false;
  const nextStep = `Delete the folder ${dirname(certFile)}: the next start makes new certificates.`;
  const read = (file: string) => openStateFile(file, nextStep, () => new X509Certificate(readFileSync(file)));
  const [authority, server] = [read(caFile), read(certFile)];
  openStateFile(keyFile, nextStep, () => {
    if (!server.checkPrivateKey(createPrivateKey(readFileSync(keyFile)))) throw new Error(`not the key of ${certFile}`);
  });
  return server.checkIssued(authority) && Date.parse(server.validTo) > Date.now() + renewDays * day;
}

async function makeCertificates(): Promise<{ ca: string; cert: string; key: string }> {
  x509.cryptoProvider.set(webcrypto);
  const authorityKeys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const serverKeys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  // A day back, because the clocks of a container and its host may differ.
  const notBefore = new Date(Date.now() - day);
  const notAfter = new Date(Date.now() + validDays * day);
  const authorityName = `CN=bastion-trail sandbox ${webcrypto.randomUUID()}`;
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: authorityName,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: "CN=localhost",
    issuer: authority.subject,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
        { type: "dns", value: "localhost" },
        { type: "dns", value: "*.localhost" },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", serverKeys.privateKey);
  return {
    ca: `${authority.toString("pem")}\n`,
    cert: `${server.toString("pem")}\n`,
    key: `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n`,
  };
}
