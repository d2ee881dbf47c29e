using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace RmStack.Cli.Serve;

/// <summary>
/// The file that HLOS's RAM is in, so that a client which maps it too can put an image there before it lends the pages, and read what is left
/// after it has reclaimed them: the first byte is the one at 0x40000000.
/// </summary>
internal sealed class RamFile : IDisposable
{
    private RamFile(string path, SafeFileHandle handle, long size)
    {
        Path = path;
        Handle = handle;
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

        SafeFileHandle? handle = null;
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
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            if (length == 0) RandomAccess.SetLength(handle, length = size);
            if (length == size) return new RamFile(path, handle, size);
            problem = string.Create(CultureInfo.InvariantCulture, $"{path} has {length} bytes, and HLOS's RAM has {size}: give a file of that size, an empty one, or one that does not exist");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = HostFile.CannotWrite(path, failure);
        }

        handle?.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
