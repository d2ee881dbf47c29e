using RmStack.Testing;

namespace RmStack.Machine.Tests.Guests;

/// <summary>The committed guests are what their sources say.</summary>
public class GuestBuildTests
{
    [Fact]
    public void Building_the_guests_gives_the_committed_bytes()
    {
        var directory = Directory.CreateTempSubdirectory("rm-stack-guests-").FullName;
        try
        {
            var result = ExternalTool.Run("sh", "dash", [], Repository.PathOf("guests", "build.sh"), directory);
            Assert.True(result.ExitCode == 0, $"guests/build.sh failed (it needs binutils-aarch64-linux-gnu): {result.Errors}");
            Assert.Equal("", result.Errors);
            foreach (var built in Directory.GetFiles(directory))
            {
                var name = Path.GetFileName(built);
                var committed = Repository.Read("guests", Path.GetFileNameWithoutExtension(name), name);
                Assert.True(committed.AsSpan().SequenceEqual(File.ReadAllBytes(built)), $"{name} is not what guests/build.sh makes of its source");
            }

            Assert.Equal("crash.bin hello.bin hello.elf spin.bin wfi.bin", string.Join(' ', Directory.GetFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
