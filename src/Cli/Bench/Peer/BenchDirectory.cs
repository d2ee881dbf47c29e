namespace RmStack.Cli.Bench.Peer;

/// <summary>
/// The directory that the bench's sockets are in, which only its user can enter. Removing it touches nothing that the bench did not make: also the
/// server process removes it, when the process that started it is gone.
/// </summary>
internal sealed class BenchDirectory(string path) : IDisposable
{
    // sun_path has 108 bytes; the longest name and a zero fit behind this.
    private const int LongestPath = 85;

    private static readonly PeerEndpoint[] s_endpoints = [PeerEndpoint.Rpc, PeerEndpoint.DeepRpc, PeerEndpoint.SleepingRpc, PeerEndpoint.Packets, PeerEndpoint.Raw];

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Sockets of a server in the bench's own process.</summary>
    public string OneProcess => System.IO.Path.Combine(path, "one");

    /// <summary>Sockets of the server process.</summary>
    public string TwoProcesses => System.IO.Path.Combine(path, "two");

    /// <summary>A socket that is there for a moment.</summary>
    public string Pair => System.IO.Path.Combine(path, "pair");

    /// <summary>Makes one among the system's temporary files.</summary>
    /// <exception cref="BenchFailedException">It cannot be made.</exception>
    public static BenchDirectory Create()
    {
        try
        {
            var directory = new BenchDirectory(Directory.CreateTempSubdirectory("rmstack-bench-").FullName);
            if (directory.Path.Length > LongestPath)
            {
                directory.Dispose();
                throw new BenchFailedException($"{directory.Path} is too long for the paths of sockets: set TMPDIR to a shorter one");
            }

            Directory.CreateDirectory(directory.OneProcess);
            Directory.CreateDirectory(directory.TwoProcesses);
            return directory;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BenchFailedException($"no directory for sockets can be made: {failure.Message}", failure);
        }
    }

    /// <summary>Removes what the bench made, and the directories if nothing else is in them.</summary>
    public void Dispose()
    {
        foreach (var directory in new[] { OneProcess, TwoProcesses })
        {
            foreach (var endpoint in s_endpoints)
                Try(static file => File.Delete(file), endpoint.In(directory));
            Try(static empty => Directory.Delete(empty), directory);
        }

        Try(static file => File.Delete(file), Pair);
        Try(static empty => Directory.Delete(empty), path);
    }

    private static void Try(Action<string> remove, string path)
    {
        try
        {
            remove(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is gone, or somebody else's.
        }
    }
}
