using System.Diagnostics;

namespace RmStack.Machine.Tests.Guests;

/// <summary>A program that this project did not write, run as a judge.</summary>
internal static class ExternalTool
{
    /// <summary>Long enough that only a tool that hangs takes it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public sealed record Result(int ExitCode, byte[] Output, string Errors)
    {
        public string Text => System.Text.Encoding.Latin1.GetString(Output);
    }

    /// <summary>Runs a tool to its end. A missing tool fails the test and says which package has it.</summary>
    public static Result Run(string name, string package, ReadOnlySpan<byte> input, params string[] arguments)
    {
        var start = new ProcessStartInfo(name)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            process = null;
        }

        Assert.True(process is not null, $"'{name}' is missing: install the package {package}.");
        using var running = process!;
        var errors = running.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var copied = running.StandardOutput.BaseStream.CopyToAsync(output);
        try
        {
            running.StandardInput.BaseStream.Write(input);
            running.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; what it said tells why.
        }

        if (!running.WaitForExit(Patience))
        {
            running.Kill(entireProcessTree: true);
            Assert.Fail($"'{name} {string.Join(' ', arguments)}' did not end. It wrote: {System.Text.Encoding.Latin1.GetString(output.ToArray())}");
        }

        Task.WaitAll(errors, copied);
        return new Result(running.ExitCode, output.ToArray(), errors.Result);
    }
}
