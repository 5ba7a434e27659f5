/** The optimizers. */
export { GradientDescentOptimizer } from "./gradient_descent.ts";
