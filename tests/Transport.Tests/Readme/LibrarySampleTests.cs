using System.Text.RegularExpressions;
using RmStack.Testing;

namespace RmStack.Transport.Tests.Readme;

/// <summary>README.md shows the samples that compile.</summary>
public sealed partial class LibrarySampleTests
{
    [Fact]
    public void The_readme_shows_them_as_they_are()
    {
        var code = File.ReadAllText(Repository.PathOf("tests", "Transport.Tests", "Readme", "LibrarySamples.cs")).ReplaceLineEndings("\n");
        var samples = SamplePattern().Matches(code).ToDictionary(match => match.Groups["name"].Value, match => Unindented(match.Groups["code"].Value), StringComparer.Ordinal);
        Assert.Equal(5, samples.Count);
        var file = Repository.PathOf("README.md");
        var readme = File.ReadAllText(file).ReplaceLineEndings("\n");
        var shown = ShownPattern().Replace(readme, match => samples.TryGetValue(match.Groups["name"].Value, out var sample)
            ? $"<!-- sample {match.Groups["name"].Value} -->\n```csharp\n{sample}```\n"
            : throw new InvalidDataException($"README.md shows a sample that is not there: {match.Groups["name"].Value}"));
        if (Environment.GetEnvironmentVariable("RMSTACK_WRITE_DOCS") == "1")
            File.WriteAllText(file, shown);
        Assert.Equal(samples.Keys.Order(StringComparer.Ordinal), ShownPattern().Matches(readme).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));
        Assert.True(shown == File.ReadAllText(file), "README.md shows other samples: run RMSTACK_WRITE_DOCS=1 dotnet test tests/Transport.Tests");
        Assert.DoesNotContain("```csharp", ShownPattern().Replace(readme, ""), StringComparison.Ordinal);
    }

    private static string Unindented(string code)
    {
        var lines = code.Split('\n');
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : line.Trim(' ')));
    }

    [GeneratedRegex("^ *// <sample (?<name>\\w+)>\n(?<code>.*?\n) *// </sample>$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SamplePattern();

    [GeneratedRegex("<!-- sample (?<name>\\w+) -->\n```csharp\n.*?```\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShownPattern();
}
