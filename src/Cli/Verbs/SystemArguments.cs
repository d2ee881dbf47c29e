using System.CommandLine;
using RmStack.Cli.Simulation;
using RmStack.ResourceManager;

namespace RmStack.Cli.Verbs;

/// <summary>The options that say what a system is made of: the same for every verb that has one.</summary>
/// <param name="seedMeans">What a seed is good for, to be said in the help.</param>
internal sealed class SystemArguments(string seedMeans)
{
    public Option<ulong> Seed { get; } = new("--seed") { HelpName = "N", Description = $"Seed of every random choice. {seedMeans}", DefaultValueFactory = _ => 0 };

    public Option<string> ResourceManager { get; } = new("--rm") { HelpName = "NAME", Description = "The Resource Manager: rm1 (12/2023) or rm2 (newer).", DefaultValueFactory = _ => "rm2" };

    public Option<string> Hypervisor { get; } = new("--hyp") { HelpName = "NAME", Description = "The hypervisor: 23.12 or next.", DefaultValueFactory = _ => "next" };

    public Option<string> CapIds { get; } = new("--cap-ids") { HelpName = "ORDER", Description = "Capability ids: sequential or random.", DefaultValueFactory = _ => "sequential" };

    /// <summary>Picks one of the known values.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Choose(string option, string? value, string[] known, out int index)
    {
        index = Array.FindIndex(known, name => string.Equals(name, value, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? $"{option} {value}: use {string.Join(" or ", known)}" : null;
    }

    /// <summary>Takes what the options say.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public string Read(ParseResult parsed, ref GunyahSystemOptions system)
    {
        var problem = Choose("--rm", parsed.GetValue(ResourceManager), ["rm1", "rm2"], out var rm)
            ?? Choose("--hyp", parsed.GetValue(Hypervisor), ["23.12", "next"], out var hyp)
            ?? Choose("--cap-ids", parsed.GetValue(CapIds), ["sequential", "random"], out var capIds)
            ?? Take(ref system, rm, hyp, capIds);
        if (problem.Length == 0) system = system with { Seed = parsed.GetValue(Seed) };
        return problem;
    }

    private static string Take(ref GunyahSystemOptions system, int rm, int hyp, int capIds)
    {
        system = system with
        {
            ResourceManager = rm == 0 ? RmDrop.Rm1 : RmDrop.Rm2,
            Hypervisor = hyp == 0 ? HypervisorVersion.V2312 : HypervisorVersion.Next,
            RandomiseCapIds = capIds == 1,
        };
        return "";
    }
}
