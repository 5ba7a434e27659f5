import { durationText } from "./duration.ts";
import type { SpanMagic } from "./magic.ts";

export const time: SpanMagic = {
  name: "time",
  usage: ["%time statement", "%%time"],
  doc: "Says how long the statement behind it took, or, as %%time on the first line, the whole cell; awaits are part of it.",
  forms: ["line", "cell"],
  takes: "statement",
  begin(host) {
    const cpu = process.cpuUsage();
    const start = host.now();
    return () => {
      const wall = host.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      host.print(
        `Wall time: ${durationText(wall)} (CPU: ${durationText((user + system) / 1000)})\n`,
      );
    };
  },
};
