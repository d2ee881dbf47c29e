using System.ComponentModel;
using System.Diagnostics;
using RmStack.Testing;

namespace RmStack.Spec.Tests;

/// <summary>What is committed as generated is what its sources make. Needs node and npm; npm once to install the compiler.</summary>
public sealed class GeneratedCodeTests
{
    private static readonly string Tools = Repository.PathOf("tools", "kaitai");

    [Theory]
    [InlineData("compile.mjs")]
    [InlineData("samples.mjs")]
    public void Generated_files_are_current(string script)
    {
        lock (Tools)
        {
            if (!Directory.Exists(Path.Combine(Tools, "node_modules"))) Run("npm", "ci --no-audit --no-fund");
        }

        Run("node", $"{script} --check");
    }

    [Fact]
    public void The_lock_file_names_no_private_registry()
    {
        var lines = File.ReadAllLines(Path.Combine(Tools, "package-lock.json"));
        Assert.Contains(lines, line => line.Contains("node_modules/kaitai-struct-compiler", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"integrity\": \"sha512-", StringComparison.Ordinal));
        Assert.All(lines.Where(line => line.Contains("resolved", StringComparison.Ordinal)), line => Assert.Contains("https://registry.npmjs.org/", line, StringComparison.Ordinal));
    }

    private static void Run(string program, string arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Tools, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} is needed to check the generated files and cannot be started: install nodejs and npm (tools/check.sh does)", e);
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{program} {arguments} exited with {process.ExitCode}\n{output}{error.Result}");
        }
    }
}
