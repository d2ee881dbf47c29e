using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace RmStack.Cli.Bench.Peer;

/// <summary>
/// This program once more, as the server of the bench. It ends when its standard input does, so it outlives this process in no case, and takes its socket
/// files along.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    /// <summary>What it says when its sockets are there.</summary>
    public const string Ready = "ready";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PeerProcess(Process process) => _process = process;

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <exception cref="BenchFailedException">It cannot be started, or ended at once.</exception>
    public static PeerProcess Start(string directory, CancellationToken stop)
    {
        var (program, arguments) = Self();
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[.. arguments, Verbs.BenchPeerVerb.VerbName, directory])
            start.ArgumentList.Add(argument);
        PeerProcess peer;
        try
        {
            peer = new PeerProcess(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new BenchFailedException($"the server process cannot be started: {program}: {failure.Message}", failure);
        }

        try
        {
            peer.WaitUntilReady(stop);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Ends the process and waits for its end.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(s_endLimit))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void WaitUntilReady(CancellationToken stop)
    {
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.Append(line.Data).Append(' ');
        };
        _process.BeginErrorReadLine();
        var line = _process.StandardOutput.ReadLineAsync(stop).AsTask();
        if (!line.Wait(s_startLimit, stop))
            throw new BenchFailedException($"the server process is not ready after {s_startLimit.TotalSeconds} s");
        if (line.Result == Ready)
            return;
        _process.WaitForExit(s_endLimit);
        string errors;
        lock (_errors)
            errors = _errors.ToString().Trim();
        throw new BenchFailedException($"the server process ended at once: {(errors.Length > 0 ? errors : "it said nothing")}");
    }

    // A program of one file is its own process; else the assembly is run by the runtime that runs this one.
    private static (string Program, string[] Arguments) Self()
    {
        var assembly = typeof(PeerProcess).Assembly.Location;
        if (assembly.Length == 0)
            return (Environment.ProcessPath ?? "rmstack", []);
        var host = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? (Path.GetFullPath(host), ["exec", assembly]) : (Environment.ProcessPath ?? "dotnet", ["exec", assembly]);
    }
}
