namespace RmStack.Machine.Tests.Guests;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static byte[] Read(params string[] parts) => File.ReadAllBytes(PathOf(parts));

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "rm-stack.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests run from outside the repository.");
        return directory;
    }
}
