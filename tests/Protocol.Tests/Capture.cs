using System.Text.RegularExpressions;

namespace RmStack.Protocol.Tests;

/// <summary>Queue messages seen on a real Gunyah; the files say which.</summary>
internal static partial class Capture
{
    internal sealed record Line(string Direction, byte[] Packet)
    {
        public bool ToRm => Direction.EndsWith('R');

        public char Link => ToRm ? Direction[0] : Direction[^1];
    }

    public static readonly TheoryData<string> Files = ["vm-life.txt", "empty-payloads.txt", "malformed-packets.txt", "guest-link.txt"];

    public static List<Line> Read(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", file))
            .Where(line => !line.StartsWith('#'))
            .Select(line => LinePattern().Match(line) is { Success: true } match
                ? new Line(match.Groups["way"].Value, match.Groups["bytes"].Value == "-" ? [] : Convert.FromHexString(match.Groups["bytes"].Value))
                : throw new InvalidDataException($"{file}: {line}"))
            .ToList();

    [GeneratedRegex("^(?<way>[HGR]>[HGR]) (?<bytes>[0-9a-f]+|-)$", RegexOptions.None, 1000)]
    private static partial Regex LinePattern();
}
