namespace RmStack.Cli.Tests;

/// <summary>What README.md says the command prints is what it prints.</summary>
public class ReadmeTests
{
    private const string Begin = "<!-- transcript -->\n```text\n";
    private const string End = "```\n<!-- /transcript -->";

    /// <summary>RMSTACK_WRITE_DOCS=1 writes the present output into the file instead of comparing.</summary>
    [Fact]
    public void The_transcript_is_what_boot_prints()
    {
        var file = Path.Combine(Root(), "README.md");
        var text = System.IO.File.ReadAllText(file);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= Begin.Length && to >= from, "README.md has no transcript");
        var printed = Rmstack.Run("boot").Output;
        if (Environment.GetEnvironmentVariable("RMSTACK_WRITE_DOCS") == "1")
        {
            System.IO.File.WriteAllText(file, text[..from] + printed + text[to..]);
            return;
        }

        Assert.Equal(text[from..to], printed);
    }

    [Fact]
    public void The_exit_codes_are_those_of_the_help_text()
    {
        var readme = System.IO.File.ReadAllLines(Path.Combine(Root(), "README.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(line[2]))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[0],4}  {cells[1]}");
        var help = Rmstack.Run("boot", "--help").Output.Split('\n');
        Assert.All(readme, line => Assert.Contains(line, help));
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "rm-stack.sln"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("no rm-stack.sln above the tests");
        return at;
    }
}
