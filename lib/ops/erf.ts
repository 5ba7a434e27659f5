/** The error function in the scalar language. */
import { s, type Scalar } from "../core/scalar.ts";

// Chebyshev fits by mpmath at 60 digits, in powers of a variable from −1 to 1, lowest first: erf(x)/x over x² from
// 0 to 1 (error 1e-19), and e^(x²)·erfc(x) over 1/(1 + x/2), x from 1 to 6 (error 1e-18).
const near: readonly number[] = [
  0.9654687386698673, -0.1405360890227171, 0.019852496688983708, -0.0022854855611441132,
  0.00021751715604159932, -1.7537169441124866e-5, 1.223382738359897e-6, -7.511569286591727e-8,
  4.115800583208149e-9, -2.035228405815769e-10, 9.167619596865806e-12, -3.8078824063194953e-13,
  1.4543887079465116e-14,
];

const far: readonly number[] = [
  0.2214295402299318, 0.16189356804102498, 0.038560570425182406, 0.005588816281839573,
  0.0001971391777283487, -8.079220426243645e-5, -7.340517941415228e-6, 1.9795618158539775e-6,
  1.6349938614647468e-7, -7.005318546704507e-8, -5.886316438866986e-10, 2.6240024103160866e-9,
  -2.6866737279095447e-10, -7.360635504868664e-11, 2.2116545307548472e-11, -1.3919347826387398e-13,
  -9.321424201169892e-13, 1.4495643113419578e-13,
];

/** erf(x): odd; past 6 it is 1 to the last digit. */
export function erfScalar(x: Scalar): Scalar {
  const square = s.multiply(x, x);
  const inner = s.multiply(x, polynomial(near, s.subtract(s.multiply(square, 2), 1)));
  const size = s.minimum(s.abs(x), 6);
  // (t − 11/24)·24/5 with t = 1/(1 + x/2)
  const u = s.subtract(s.divide(9.6, s.add(size, 2)), 2.2);
  const tail = s.multiply(s.exp(s.negative(s.multiply(size, size))), polynomial(far, u));
  return s.where(s.less(square, 1), inner, s.multiply(s.sign(x), s.subtract(1, tail)));
}

/** Horner's rule, from the highest power down. */
function polynomial(coefficients: readonly number[], u: Scalar): Scalar {
  const [highest, ...rest] = coefficients.toReversed();
  return rest.reduce<Scalar>((sum, c) => s.add(s.multiply(sum, u), c), s.add(highest, 0));
}
