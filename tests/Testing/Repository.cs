namespace RmStack.Testing;

/// <summary>Files of the working tree that the tests run in.</summary>
public static class Repository
{
    /// <summary>Where the solution is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Path of a file, from the parts below the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A whole file.</summary>
    public static byte[] Read(params string[] parts) => File.ReadAllBytes(PathOf(parts));

    private static string FindRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "rm-stack.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("rm-stack.sln is in no directory above the tests");
        return at;
    }
}
