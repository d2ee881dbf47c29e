using System.Diagnostics.CodeAnalysis;

namespace RmStack.Cli;

/// <summary>Files of whoever runs the program: what goes wrong with them is a line, not an exception.</summary>
public static class HostFile
{
    /// <summary>Bytes of the largest file that is read.</summary>
    public const long MaxSize = 1L << 30;

    /// <summary>Reads a whole file.</summary>
    public static bool TryRead(string path, out byte[] bytes, out string problem)
    {
        bytes = [];
        problem = "";
        try
        {
            if (Directory.Exists(path)) problem = $"{path} is a directory, not an image";
            else if (new FileInfo(path) is { Exists: true, Length: > MaxSize } large) problem = $"{path} has {large.Length} bytes; the largest file that is read has {MaxSize}";
            else bytes = File.ReadAllBytes(path);
        }
        catch (Exception failure) when (IsTheFiles(failure))
        {
            problem = CannotRead(path, failure);
        }

        return problem.Length == 0;
    }

    /// <summary>Opens a file to read it piece by piece.</summary>
    public static bool TryOpen(string path, [NotNullWhen(true)] out Stream? file, out string problem)
    {
        file = null;
        problem = "";
        try
        {
            if (Directory.Exists(path)) problem = $"{path} is a directory";
            else file = File.OpenRead(path);
        }
        catch (Exception failure) when (IsTheFiles(failure))
        {
            problem = CannotRead(path, failure);
        }

        return file is not null;
    }

    /// <summary>Writes a whole file.</summary>
    public static bool TryWrite(string path, ReadOnlySpan<byte> bytes, out string problem)
    {
        problem = "";
        try
        {
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception failure) when (IsTheFiles(failure))
        {
            problem = CannotWrite(path, failure);
        }

        return problem.Length == 0;
    }

    /// <summary>The line for a file that could not be written.</summary>
    public static string CannotWrite(string path, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return $"{path} cannot be written: {failure.Message}";
    }

    private static bool IsTheFiles(Exception failure) => failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static string CannotRead(string path, Exception failure) =>
        failure is FileNotFoundException or DirectoryNotFoundException ? $"{path} does not exist" : $"{path} cannot be read: {failure.Message}";
}
