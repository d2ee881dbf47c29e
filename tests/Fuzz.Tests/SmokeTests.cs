namespace RmStack.Fuzz.Tests;

/// <summary>A short, fixed run of every target: the same inputs every time.</summary>
public class SmokeTests
{
    private static readonly (string Name, int Executions)[] Runs =
    [
        ("reassembler", 20_000),
        ("message-text", 20_000),
        ("device-tree", 20_000),
        ("guest-image", 20_000),
        ("guest-code", 400),
        ("hypercalls", 400),
    ];

    public static TheoryData<string, int> Targets
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (name, executions) in Runs) data.Add(name, executions);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_short_run_finds_nothing(string name, int executions)
    {
        var loop = new FuzzLoop(FuzzTargets.All().Single(t => t.Name == name), seed: 1);
        var finding = loop.Run(executions);
        Assert.True(finding is null, finding is { } f ? $"{f.Error}\ninput {Convert.ToHexStringLower(f.Input)}" : null);
    }

    [Fact]
    public void Every_target_has_a_smoke_run() =>
        Assert.Equal(FuzzTargets.All().Select(t => t.Name).Order(), Runs.Select(r => r.Name).Order());

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        List<string> Inputs(ulong seed)
        {
            var seen = new Recorder();
            new FuzzLoop(seen, seed).Run(50);
            return seen.Inputs;
        }

        Assert.Equal(Inputs(7), Inputs(7));
        Assert.NotEqual(Inputs(7), Inputs(8));
    }

    [Fact]
    public void A_broken_promise_is_found_and_reported_with_its_input()
    {
        var finding = new FuzzLoop(new Recorder { BreaksOn = 0xff }, 1).Run(100_000);
        Assert.NotNull(finding);
        Assert.Contains((byte)0xff, finding.Value.Input);
    }

    private sealed class Recorder : IFuzzTarget
    {
        public byte? BreaksOn { get; init; }

        public List<string> Inputs { get; } = [];

        public string Name => "recorder";

        public IReadOnlyList<byte[]> Seeds { get; } = [[1, 2, 3, 4, 5, 6, 7, 8]];

        public void Run(ReadOnlySpan<byte> input)
        {
            if (BreaksOn is { } bad) FuzzFindingException.Require(!input.Contains(bad), "no such byte");
            else Inputs.Add(Convert.ToHexStringLower(input));
        }
    }
}
