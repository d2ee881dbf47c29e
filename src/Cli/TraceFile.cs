using System.IO.Pipelines;
using RmStack.Cli.Simulation;
using RmStack.Transport.Capture;

namespace RmStack.Cli;

/// <summary>
/// The file that a run's packets are written to. What goes wrong with it while the run goes on does not end the run: it is told
/// afterwards.
/// </summary>
public sealed class TraceFile : IDisposable
{
    private const long FlushAt = 1 << 16;

    private readonly FileStream _stream;
    private readonly PipeWriter _pipe;
    private readonly string _path;
    private RunRecorder? _recorder;

    private TraceFile(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
        _pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        Writer = new PcapngWriter(_pipe);
    }

    /// <summary>The capture.</summary>
    public PcapngWriter Writer { get; }

    /// <summary>What kept the file from being written; empty when nothing did.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Begins a file; one that is there already is replaced.</summary>
    public static TraceFile? TryCreate(string path, out string problem)
    {
        problem = "";
        try
        {
            return new TraceFile(path, File.Create(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = HostFile.CannotWrite(path, failure);
            return null;
        }
    }

    /// <summary>Has a run's packets written here.</summary>
    public void Attach(BootRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _recorder = run.Recorder;
        _recorder.Trace = new LinkTrace(Writer, run.System.Hypervisor.Scheduler, run.System.Clock) { Written = FlushIfMuch };
    }

    /// <summary>Writes everything out.</summary>
    public void Dispose()
    {
        Flush();
        try
        {
            // Both try once more to write what could not be written.
            _pipe.Complete();
            _stream.Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail(failure);
        }
    }

    private void FlushIfMuch()
    {
        if (_pipe.UnflushedBytes >= FlushAt) Flush();
    }

    private void Flush()
    {
        try
        {
            // The simulation is one thread that nothing may interleave with: it waits for the disk here.
            _pipe.FlushAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        // Nothing more is collected that cannot be written.
        if (_recorder is { } recorder) recorder.Trace = null;
        if (Problem.Length == 0) Problem = HostFile.CannotWrite(_path, failure);
    }
}
