/** What the kernel and its machine use, in the fields of ipykernel and psutil, which resource monitors read. */
import { readFileSync } from "node:fs";
import { cpus, freemem, hostname, totalmem } from "node:os";

export interface UsageReply {
  readonly hostname: string;
  readonly pid: number;
  /** Percent of one processor, since the last question. */
  readonly kernel_cpu: number;
  /** Bytes. */
  readonly kernel_memory: number;
  readonly cpu_count: number;
  /** Percent of all processors, since the last question; missing in the first answer. */
  readonly host_cpu_percent?: number;
  readonly host_virtual_memory: Readonly<Record<string, number>>;
}

interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly own: number;
  readonly busy: number;
  readonly total: number;
}

/** psutil's names for what Linux counts. */
const LINUX_FIELDS = {
  total: "MemTotal",
  available: "MemAvailable",
  free: "MemFree",
  active: "Active",
  inactive: "Inactive",
  buffers: "Buffers",
  cached: "Cached",
  shared: "Shmem",
  slab: "Slab",
} as const;

export class Usage {
  #last: Sample | null = null;

  read(): UsageReply {
    const before = this.#last;
    const now = sample();
    this.#last = now;
    const reply = {
      hostname: hostname(),
      pid: process.pid,
      kernel_cpu: before === null ? 0 : percent(now.own - before.own, now.at - before.at),
      kernel_memory: process.memoryUsage.rss(),
      cpu_count: cpus().length,
      host_virtual_memory: virtualMemory(),
    };
    if (before === null) return reply;
    const share = percent(now.busy - before.busy, now.total - before.total);
    return { ...reply, host_cpu_percent: share };
  }
}

function sample(): Sample {
  const { user, system } = process.cpuUsage();
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const total = times.reduce(
    (sum, { user: own, nice, sys, idle: rest, irq }) => sum + own + nice + sys + rest + irq,
    0,
  );
  return { at: performance.now(), own: (user + system) / 1000, busy: total - idle, total };
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((1000 * Math.max(part, 0)) / whole) / 10;
}

function virtualMemory(): Readonly<Record<string, number>> {
  const counted = fromProc() ?? { total: totalmem(), available: freemem(), free: freemem() };
  const used = counted.total - counted.available;
  return { ...counted, used, percent: percent(used, counted.total) };
}

type Counted = Record<string, number> & { total: number; available: number };

function fromProc(): Counted | null {
  try {
    const text = readFileSync("/proc/meminfo", "utf8");
    const bytes = (name: string): number =>
      1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
    const { total, available, ...others } = LINUX_FIELDS;
    const rest = Object.entries(others).map(([field, name]) => [field, bytes(name)]);
    return { ...Object.fromEntries(rest), total: bytes(total), available: bytes(available) };
  } catch {
    // Not Linux.
    return null;
  }
}
