/** Plain scripts, as people paste them: Node's REPL, a TypeScript notebook of VS Code, Polyglot, zx, Python. */
import { fails } from "../row.ts";
import type { ForeignNotebook } from "./notebook.ts";

export const others: readonly ForeignNotebook[] = [
  {
    title: "Node's scripts",
    kernelspec: "gradbook",
    files: { "data.csv": "a,b\n1,2\n", "helper.js": "module.exports = { twice: (x) => x * 2 };" },
    cells: [
      [
        "const fs = require('fs')\nconst path = require('path')\nconst { promisify } = require('util')",
        "",
      ],
      [
        "fs.readFile('data.csv', 'utf8', (err, data) => { if (err) throw err; console.log(data.length) })\nawait new Promise((r) => setTimeout(r, 100))",
        "8",
      ],
      [
        "const text = fs.readFileSync(path.join(__dirname, 'data.csv'), 'utf8'); text.split('\\n').map((l) => l.split(','))[1]",
        "[ '1', '2' ]",
      ],
      ["fs.promises.readFile('data.csv', 'utf8').then((t) => t.trim().length)", "7"],
      [
        "const EventEmitter = require('events')\nconst events = new EventEmitter(); events.on('x', (v) => console.log('got', v)); events.emit('x', 3)",
        "got 3\ntrue",
      ],
      [
        "const http = require('http')\nconst server = http.createServer((req, res) => { res.end(req.url) })\nawait new Promise<void>((done) => server.listen(0, '127.0.0.1', done))\nconst address = server.address() as { port: number }\nconst body = await (await fetch(`http://127.0.0.1:${address.port}/hi`)).text()\nserver.close(); body",
        "'/hi'",
      ],
      ["module.exports = { a: 1 }; if (require.main === module) console.log('main')", "main"],
      ["const { twice } = require('./helper.js'); twice(4)", "8"],
      ["require('child_process').execSync('echo child').toString()", "'child\\n'"],
      [
        "const cp = require('node:child_process'); await new Promise((done) => cp.exec('echo late', (error, stdout) => done(stdout.trim())))",
        "'late'",
      ],
      ["fs.readFil('x')", fails(/did you mean `readFile`|Did you mean 'readFile'/)],
      ["x = 5", fails(/declare it: `let x = …`/)],
      [".exit", fails(/magics/)],
    ],
  },
  {
    title: "JavaScript without types, strictly",
    kernelspec: "gradbook",
    cells: [
      [
        "function add(a, b) { return a + b }",
        fails(/TS7006[^]*give it a type: `a: number`[^]*`%types warn` before it/),
      ],
      ["const user = {}; user.name = 'Ada'", fails(/`%types warn` before it/)],
      ["%types warn\nfunction add(a, b) { return a + b }\nadd(1, 2)", /TS7006[^]*3$/],
      ["%types off\nfunction mul(a, b) { return a * b }\nmul(2, 3)", "6"],
      ["const fact = (n) => (n <= 1 ? 1 : n * fact(n - 1)); fact(5)", "120"],
    ],
  },
  {
    title: "a TypeScript notebook of VS Code",
    kernelspec: "",
    files: { "tsconfig.json": '{ "compilerOptions": { "strict": false } }' },
    cells: [
      ["import * as path from 'path';\nimport { EventEmitter } from 'events';", ""],
      ["const add = (a, b) => a + b;\nconsole.log(add(1, 2));", "3"],
      [
        "type Point = { x: number; y: number };\nconst origin: Point = { x: 0, y: 0 };\norigin",
        "{ x: 0, y: 0 }",
      ],
      ["import { Plotly } from 'node-kernel';", fails(/node-kernel/)],
      [
        "import * as tf from '@tensorflow/tfjs-node';",
        fails(/%npm install @tensorflow\/tfjs-node/),
      ],
    ],
  },
  {
    title: "JavaScript cells of Polyglot",
    kernelspec: ".net-csharp",
    cells: [
      ["#!javascript\nconsole.log('hi');", "hi"],
      ["const data = await Promise.resolve([1, 2]);\nconsole.log(data);", "[ 1, 2 ]"],
      ["return 42", fails(/without `return`/)],
    ],
  },
  {
    title: "zx and its like",
    kernelspec: "gradbook",
    cells: [
      ["#!/usr/bin/env zx\nimport { $ } from 'zx'", fails(/%npm install zx/)],
      ["await $`ls`", fails(/a line `!command`/)],
      ["!echo by the shell", "by the shell"],
      [
        "const { stdout } = await import('node:util').then(({ promisify }) => promisify(require('node:child_process').exec)('echo exec')); stdout",
        "'exec\\n'",
      ],
    ],
  },
  {
    title: "Python, by mistake",
    kernelspec: "python3",
    cells: [
      ["# a comment", fails(/comments begin with `\/\/`/)],
      ["import numpy as np", fails(/this is Python/)],
      ["for i in range(3):\n    print(i)", fails(/this is Python/)],
      ["def f(x):\n    return x", fails(/this is Python/)],
      ["from math import sqrt", fails(/this is Python/)],
      ["%matplotlib inline", fails(/There is no magic %matplotlib/)],
      ["%pip install numpy", fails(/%npm install name/)],
      ["%%html\n<b>x</b>", fails(/display\.html/)],
    ],
  },
];
