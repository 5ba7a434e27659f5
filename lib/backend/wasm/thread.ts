/** The thread of a pool in Node: its module reads what it is started with, and serves. */
import { workerData } from "node:worker_threads";
import { allWords, wordFunctions } from "./compile.ts";
import { serve, type Start } from "./pool.ts";

serve(workerData as Start, wordFunctions(allWords));
