using System.IO.MemoryMappedFiles;
using RmStack.Machine.Memory;
using RmStack.Machine.Tests.Cpu;

namespace RmStack.Machine.Tests.Memory;

/// <summary>RAM whose beginning is a file that somebody else maps too.</summary>
public sealed class FileMemoryTests : IDisposable
{
    private const ulong FileSize = 0x10_0000;

    private readonly string _folder = Directory.CreateTempSubdirectory("rmstack-ram").FullName;
    private readonly string _path;
    private readonly MemoryMappedFile _outside;
    private readonly MemoryMappedViewAccessor _view;

    public FileMemoryTests()
    {
        _path = Path.Combine(_folder, "ram");
        _outside = MemoryMappedFile.CreateFromFile(_path, FileMode.CreateNew, null, (long)FileSize);
        _view = _outside.CreateViewAccessor();
    }

    public void Dispose()
    {
        _view.Dispose();
        _outside.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_either_side_writes_the_other_reads()
    {
        using var memory = Open();
        Assert.Equal(FileSize, memory.ForeignSize);
        memory.Writable(Bench.Ram + 0x1000, 4)[2] = 7;
        Assert.Equal(7, _view.ReadByte(0x1002));
        _view.Write((long)FileSize - 1, (byte)9);
        Assert.Equal(9, memory.Readable(Bench.Ram + FileSize - 1, 1)[0]);
    }

    [Fact]
    public void The_rest_of_the_ram_is_zero_and_in_no_file()
    {
        using var memory = Open();
        var rest = memory.Writable(Bench.Ram + FileSize, (int)(Bench.RamSize - FileSize));
        Assert.False(rest.ContainsAnyExcept((byte)0));
        rest.Fill(0xff);
        Assert.Equal((long)FileSize, new FileInfo(_path).Length);
        Assert.Equal(0, _view.ReadByte((long)FileSize - 1));
    }

    [Fact]
    public void What_is_in_the_file_outlives_the_machine()
    {
        using (var memory = Open()) memory.Writable(Bench.Ram, 1)[0] = 42;
        using var next = Open();
        Assert.Equal(42, next.Readable(Bench.Ram, 1)[0]);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(0x1001ul)]
    [InlineData(Bench.RamSize + 0x1000)]
    public void A_part_that_is_no_whole_pages_of_the_ram_is_refused(ulong fileSize)
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.Throws<ArgumentException>(() => new PhysicalMemory(Bench.Ram, Bench.RamSize, file, fileSize));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_refused()
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Assert.Throws<IOException>(() => new PhysicalMemory(Bench.Ram, Bench.RamSize, file, FileSize));
    }

    [Fact]
    public void Code_that_somebody_outside_rewrites_runs_anew_once_the_page_has_changed_hands()
    {
        const uint Mov1 = 0xd280_0022, Mov2 = 0xd280_0042, Ret = 0xd65f_03c0;
        using var bench = new Bench(memory: Open());
        bench.Load(Bench.Code, "blr x5\nhvc #1");
        const long Target = 0x3000;
        bench.Word(Bench.Ram + Target, Mov1);
        bench.Word(Bench.Ram + Target + 4, Ret);
        Assert.Equal(1ul, Run(bench));

        // Nothing tells the model: it runs what it decoded, as a CPU runs what is in its instruction cache.
        _view.Write(Target, Mov2);
        Assert.Equal(1ul, Run(bench));
        bench.Memory.ChangedHands(Bench.Ram, 0x1000);
        Assert.Equal(1ul, Run(bench));
        bench.Memory.ChangedHands(Bench.Ram, Bench.RamSize);
        Assert.Equal(2ul, Run(bench));

        static ulong Run(Bench bench)
        {
            bench.State.PC = Bench.Code;
            bench.State.SetX(5, Bench.Ram + Target);
            bench.RunToHvc(1);
            return bench.State.GetX(2);
        }
    }

    [Theory]
    [InlineData("ic iallu")]
    [InlineData("ic ialluis")]
    [InlineData("ic ivau, x5")]
    public void Code_that_somebody_outside_rewrites_runs_anew_after_maintenance(string maintenance)
    {
        const uint Mov1 = 0xd280_0022, Mov2 = 0xd280_0042, Ret = 0xd65f_03c0;
        using var bench = new Bench(memory: Open());
        bench.Load(Bench.Code, $"blr x5\nhvc #1\n{maintenance}\nisb\nblr x5\nhvc #2");
        const long Target = 0x3000;
        bench.Word(Bench.Ram + Target, Mov1);
        bench.Word(Bench.Ram + Target + 4, Ret);
        bench.State.SetX(5, Bench.Ram + Target);
        bench.RunToHvc(1);
        _view.Write(Target, Mov2);
        var before = bench.Pe.InstructionsRetired;
        bench.RunToHvc(2);
        Assert.Equal(2ul, bench.State.GetX(2));
        Assert.Equal(6ul, bench.Pe.InstructionsRetired - before);
    }

    private PhysicalMemory Open()
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        return new PhysicalMemory(Bench.Ram, Bench.RamSize, file, FileSize);
    }
}
