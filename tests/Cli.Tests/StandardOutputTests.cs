using System.Diagnostics;

namespace RmStack.Cli.Tests;

/// <summary>Standard output of the process itself.</summary>
public sealed class StandardOutputTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rmstack-test").FullName;

    [Fact]
    public void What_other_programs_write_to_the_same_file_stays()
    {
        var file = Path.Combine(_directory, "file");
        Shell($"(echo begin; \"$0\" exec \"$1\" bench --list; echo end) > {file}");
        var lines = File.ReadAllLines(file);
        Assert.Equal(("begin", "end"), (lines[0], lines[^1]));
        Assert.Equal(Rmstack.Run("bench", "--list").Output, string.Concat(lines[1..^1].Select(line => line + "\n")));
    }

    [Fact]
    public void A_full_disk_is_one_line_and_the_code_of_the_table()
    {
        var (code, error) = Shell("\"$0\" exec \"$1\" boot > /dev/full");
        Assert.Equal(ExitCode.OutputFailed, (ExitCode)code);
        Assert.StartsWith("rmstack: standard output cannot be written: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public void A_closed_descriptor_is_the_same()
    {
        var (code, error) = Shell("\"$0\" exec \"$1\" decode --json <<< '21 01 0a 00 04 00 00 56 80 00 00 00' >&-");
        Assert.Equal(ExitCode.OutputFailed, (ExitCode)code);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static (int Code, string Error) Shell(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command, "dotnet", typeof(CommandLine).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, error);
    }
}
