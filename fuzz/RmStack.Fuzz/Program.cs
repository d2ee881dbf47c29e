using System.Diagnostics;
using System.Globalization;
using RmStack.Fuzz;

// Usage: dotnet run -c Release --project fuzz/RmStack.Fuzz -- TARGET [EXECUTIONS [SEED]]; without arguments lists the targets.
var targets = FuzzTargets.All();
if (args.Length == 0)
{
    foreach (var known in targets) Console.WriteLine(known.Name);
    return 0;
}

var target = targets.FirstOrDefault(t => string.Equals(t.Name, args[0], StringComparison.Ordinal));
if (target is null)
{
    Console.Error.WriteLine($"fuzz: no target named {args[0]}: run without arguments for the list");
    return 2;
}

var executions = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
var seed = args.Length > 2 ? ulong.Parse(args[2], CultureInfo.InvariantCulture) : 1;
var loop = new FuzzLoop(target, seed);
var clock = Stopwatch.StartNew();
const long Chunk = 10_000;
for (long done = 0; done < executions; done += Chunk)
{
    if (loop.Run(Math.Min(Chunk, executions - done)) is { } finding)
    {
        Console.WriteLine($"{target.Name}: {finding.Error.GetType().Name}: {finding.Error.Message} (seed {seed}, execution {loop.Executions})");
        Console.WriteLine(Convert.ToHexStringLower(finding.Input));
        return 1;
    }

    Console.Error.Write($"\r{loop.Executions} executions, {loop.Executions / clock.Elapsed.TotalSeconds:F0}/s ");
}

Console.Error.WriteLine();
Console.WriteLine($"{target.Name}: {loop.Executions} executions with seed {seed}, no finding");
return 0;
