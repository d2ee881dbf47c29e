using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace RmStack.Cli.Serve;

/// <summary>
/// The file that HLOS's RAM is in, so that a client which maps it too can put an image there before it lends the pages, and read what is left
/// after it has reclaimed them: the first byte is the one at 0x40000000.
/// </summary>
internal sealed class RamFile : IDisposable
{
    private readonly FileStream _lock;

    private RamFile(string path, FileStream file, long size)
    {
        Path = path;
        _lock = file;
        Handle = file.SafeFileHandle;
        Size = size;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The file, open.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Bytes it has.</summary>
    public long Size { get; }

    /// <summary>
    /// False once somebody has made the file shorter than the RAM. A page without a file behind it would end the process (SIGBUS), so nothing
    /// is to run on it any more.
    /// </summary>
    public bool IsWhole => RandomAccess.GetLength(Handle) >= Size;

    /// <summary>Opens a file of exactly this size, or makes one without blocks, which only this user can open.</summary>
    public static RamFile? TryOpen(string path, long size, out string problem)
    {
        problem = "";
        if (!OperatingSystem.IsLinux())
        {
            problem = "--ram needs Linux: RAM that two processes share is mapped there only";
            return null;
        }

        FileStream? file = null;
        try
        {
            if (Directory.Exists(path))
            {
                problem = $"{path} is a directory, not a file for RAM";
                return null;
            }

            if (!File.Exists(path)) new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (!TryLock(file))
            {
                problem = $"{path} is the RAM of another server's machine: stop it, or give another file";
                file.Dispose();
                return null;
            }

            var length = file.Length;
            if (length == 0) file.SetLength(length = size);
            if (length == size) return new RamFile(path, file, size);
            problem = string.Create(CultureInfo.InvariantCulture, $"{path} has {length} bytes, and HLOS's RAM has {size}: give a file of that size, an empty one, or one that does not exist");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = HostFile.CannotWrite(path, failure);
        }

        file?.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // A record lock: clients, which only open and map the file, do not meet it.
    private static bool TryLock(FileStream file)
    {
        try
        {
            if (OperatingSystem.IsLinux()) file.Lock(0, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
