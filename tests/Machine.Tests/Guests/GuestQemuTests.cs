using System.Buffers.Binary;
using System.Globalization;
using RmStack.Testing;

namespace RmStack.Machine.Tests.Guests;

/// <summary>The guests under QEMU, their figures against figures computed here.</summary>
public class GuestQemuTests
{
    private const int ParametersAt = 0x40;
    private const uint Svc = 0xd400_0b41, Brk = 0xd420_0b40;

    [Fact]
    public void Hello_says_under_qemu_what_it_is_known_to_say()
    {
        var image = Repository.Read("guests", "hello", "hello.bin");
        Assert.Equal(Transcript(image, Qemu.RamBase + 0x20_0000, "device tree: 1048576 bytes at 0x44000000\nmemory: 134217728 bytes at 0x40000000\n", 65536), Plain(Qemu.Boot(image)));
    }

    [Theory]
    [InlineData(15ul, 0u)]
    [InlineData(7ul, 0u)]
    [InlineData(1_000_000ul, 1u)]
    [InlineData(ulong.MaxValue, 0u)]
    public void Hello_uses_as_much_memory_as_its_loader_says_and_never_the_device_tree(ulong bytes, uint end)
    {
        var image = Repository.Read("guests", "hello", "hello.bin");
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(ParametersAt + 4), end);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(ParametersAt + 8), bytes);
        var used = (int)Math.Min(bytes & ~7ul, 0x4040_0000ul - (Qemu.RamBase + 0x20_0000 + NeededSize(image)));
        Assert.Equal(Transcript(image, Qemu.RamBase + 0x20_0000, "device tree: 1048576 bytes at 0x40400000\nmemory: 8388608 bytes at 0x40000000\n", used), Plain(Qemu.Boot(image, megabytes: 8)));
    }

    [Fact]
    public void Hello_runs_at_any_page_and_without_a_device_tree()
    {
        var image = Repository.Read("guests", "hello", "hello.bin");
        Assert.Equal(Transcript(image, 0x4123_5000, "device tree: none at 0x0\n", 65536), Plain(Qemu.Enter(image, 0x4123_5000)));
    }

    [Theory]
    [InlineData(0u, "Gunyah, API version 1, variant 0x51, flags 0x10000eff 0x0 0x0, SMCCC and HVC agree")]
    [InlineData(1u, "Gunyah, API version 1, variant 0x51, flags 0x10000eff 0x0 0x0, SMCCC and HVC differ")]
    public void Hello_knows_gunyah_by_its_answers_and_compares_its_two_calling_conventions(uint differs, string line)
    {
        const ulong address = Qemu.RamBase + 0x20_0000, tree = Qemu.RamBase;
        var image = Repository.Read("guests", "hello", "hello.bin");
        var shim = Assembler.Flat(Repository.PathOf("tests", "Machine.Tests", "Guests", "Data", "gunyah-shim.S"));
        BinaryPrimitives.WriteUInt32LittleEndian(shim.AsSpan(8), differs);
        BinaryPrimitives.WriteUInt32LittleEndian(shim.AsSpan(12), (uint)tree);
        var expected = Transcript(image, address + 0x20_0000, "device tree: 1048576 bytes at 0x40000000\nmemory: 134217728 bytes at 0x40000000\n", 65536)
            .Replace("hypervisor: none", $"hypervisor: {line}", StringComparison.Ordinal);
        Assert.Equal(expected, Plain(Qemu.EnterAtEl2(shim, image, address)));
    }

    [Fact]
    public void Hello_reports_an_exception_that_it_did_not_expect()
    {
        var image = Repository.Read("guests", "hello", "hello.bin");
        var at = 0;
        while (BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at)) != Svc)
            at += 4;
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), Brk);
        var lines = Plain(Qemu.Boot(image)).Split('\n');
        Assert.StartsWith($"unexpected exception: vector 0x200, ESR 0xf200005a, ELR 0x{Qemu.RamBase + 0x20_0000 + (ulong)at:x}, FAR ", lines[^2], StringComparison.Ordinal);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public void Spin_wfi_and_crash_end_up_where_they_stay()
    {
        // Where no tree of QEMU's own is.
        const ulong address = Qemu.RamBase + 0x20_0000;
        Qemu.EnterUntil(Repository.Read("guests", "spin", "spin.bin"), address, pc => pc == address);
        Qemu.EnterUntil(Repository.Read("guests", "wfi", "wfi.bin"), address, pc => pc is address + 4 or address + 8);
        Qemu.EnterUntil(Repository.Read("guests", "crash", "crash.bin"), address, pc => pc == 0x1_d000_0200);
    }

    /// <summary>All that hello prints on QEMU, its checksums computed here.</summary>
    private static string Transcript(byte[] image, ulong address, string tree, int bytes)
    {
        var ram = new byte[bytes];
        ulong number = 0x9e37_79b9_7f4a_7c15, last = 0;
        for (var at = 0; at < bytes; at += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(ram.AsSpan(at), last = number);
            number ^= number << 13;
            number ^= number >> 7;
            number ^= number << 17;
        }

        var ends = bytes == 0 ? "" : $", first 0x9e3779b97f4a7c15, last 0x{last:x}";
        return string.Create(CultureInfo.InvariantCulture, $"""
            rm-stack hello: AArch64 guest at EL1
            cpu: MIDR 0x411fd040, MPIDR 0x80000000
            image: {image.Length} bytes at 0x{address:x}, CRC32 0x{Crc32(image):x}
            {tree}hypervisor: none
            exceptions handled: 2
            ram: {bytes} bytes at 0x{address + NeededSize(image):x}, CRC32 0x{Crc32(ram):x}{ends}, wrong words: 0
            bye

            """);
    }

    private static ulong NeededSize(byte[] image) => BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(16));

    private static string Plain(string output) => output.Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>CRC-32 by long division, bit by bit: slow and not the way the guest has it.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var remainder = uint.MaxValue;
        foreach (var value in bytes)
        {
            remainder ^= value;
            for (var bit = 0; bit < 8; bit++)
                remainder = (remainder & 1) != 0 ? remainder >> 1 ^ 0xedb8_8320 : remainder >> 1;
        }

        return ~remainder;
    }
}
