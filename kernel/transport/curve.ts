/** Encryption of a connection whose file has keys. https://rfc.zeromq.org/spec/26/ */
import type { Connection } from "./connection.ts";

/** In the names of zeromq. */
export interface CurveOptions {
  readonly curveServer?: boolean;
  readonly curvePublicKey?: string;
  readonly curveSecretKey?: string;
  readonly curveServerKey?: string;
}

/** Set before a socket is bound: it then hears nobody who does not know its public key. */
export function curveServer({ curve_publickey, curve_secretkey }: Connection): CurveOptions {
  if (curve_publickey === undefined || curve_secretkey === undefined) return {};
  return { curveServer: true, curvePublicKey: curve_publickey, curveSecretKey: curve_secretkey };
}

/** The pair in the connection file is both sides', as jupyter_client uses it. */
export function curveClient({ curve_publickey, curve_secretkey }: Connection): CurveOptions {
  if (curve_publickey === undefined || curve_secretkey === undefined) return {};
  return {
    curveServerKey: curve_publickey,
    curvePublicKey: curve_publickey,
    curveSecretKey: curve_secretkey,
  };
}
