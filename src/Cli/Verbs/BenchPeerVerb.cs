using System.CommandLine;
using System.Runtime.InteropServices;
using RmStack.Cli.Bench;
using RmStack.Cli.Bench.Peer;

namespace RmStack.Cli.Verbs;

/// <summary>`rmstack bench-peer`: what `rmstack bench` starts as its server process. Not for people.</summary>
internal sealed class BenchPeerVerb : Command
{
    /// <summary>Its name.</summary>
    public const string VerbName = "bench-peer";

    private readonly VerbIo _io;
    private readonly Argument<string> _directory = new("DIRECTORY") { Description = "Where the sockets are made." };

    /// <summary>The verb.</summary>
    public BenchPeerVerb(VerbIo io)
        : base(VerbName, "The server process of rmstack bench: ends when its standard input does.")
    {
        _io = io;
        Hidden = true;
        Arguments.Add(_directory);
        SetAction(parsed => Invoke(parsed));
    }

    private int Invoke(ParseResult parsed)
    {
        using var directory = new BenchDirectory(parsed.GetValue(_directory)!);
        // Signals to a whole group reach both processes; the one that was started by the user says what becomes of it.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static signal => signal.Cancel = true);
        try
        {
            using (new PeerServer(directory.TwoProcesses))
            {
                _io.Output.Write(PeerProcess.Ready + "\n");
                _io.Output.Flush();
                WaitForTheEndOfInput();
            }
        }
        catch (BenchFailedException failure)
        {
            return CommandLine.Fail(_io.Error, ExitCode.BenchFailed, failure.Message);
        }

        return 0;
    }

    private void WaitForTheEndOfInput()
    {
        try
        {
            using var input = _io.OpenInput();
            while (input.ReadByte() >= 0)
            {
                // Nothing is said to it.
            }
        }
        catch (IOException)
        {
            // That is an end, too.
        }
    }
}
