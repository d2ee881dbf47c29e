using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace RmStack.Machine.Tests.Gic.Qemu;

/// <summary>
/// QEMU's "virt" machine with a GICv3 and two CPUs, the second one off: runs a script of loads, stores and system register
/// accesses at EL1 and tells what each read gave.
/// </summary>
internal static class QemuMachine
{
    /// <summary>What a read gives whose instruction was refused.</summary>
    public const ulong Refused = 0xDEAD_0BAD_DEAD_0BAD;

    public const ulong Distributor = 0x0800_0000;
    public const ulong Redistributors = 0x080A_0000;

    /// <summary>The UART, whose line is SPI 33. What each read gave is printed through it, so it always says that it has transmitted.</summary>
    public const ulong Uart = 0x0900_0000;
    public const ulong UartMask = Uart + 0x38;

    private const string Program = """
            .arch armv8-a
            .global _start
        _start:
            ldr x0, =stack
            mov sp, x0
            ldr x0, =vectors
            msr vbar_el1, x0
            msr daifset, #15
            isb
            ldr x19, =script
            mov x3, #0
            bl print
        next:
            ldr w0, [x19]
            ldr w1, [x19, #4]
            ldr x2, [x19, #8]
            add x19, x19, #16
            ldr x4, =operations
            add x4, x4, x0, lsl #2
            br x4
        operations:
            b finish
            b read8
            b read32
            b read64
            b write8
            b write32
            b write64
            b readsys
            b writesys
        read8:
            ldrb w3, [x1]
            b show
        read32:
            ldr w3, [x1]
            b show
        read64:
            ldr x3, [x1]
            b show
        write8:
            strb w2, [x1]
            dsb sy
            b next
        write32:
            str w2, [x1]
            dsb sy
            b next
        write64:
            str x2, [x1]
            dsb sy
            b next
        readsys:
            ldr x4, =readers
            add x4, x4, x1, lsl #3
            br x4
        writesys:
            ldr x4, =writers
            add x4, x4, x1, lsl #3
            br x4
        show:
            bl print
            b next
        finish:
            movz w0, #0x8400, lsl #16
            movk w0, #8
            hvc #0
            b .
        print:
            mov x6, #0x09000000
            mov x7, #60
        digit:
            lsr x8, x3, x7
            and x8, x8, #15
            add x8, x8, #48
            cmp x8, #57
            b.ls plain
            add x8, x8, #39
        plain:
            strb w8, [x6]
            subs x7, x7, #4
            b.ge digit
            mov w8, #10
            strb w8, [x6]
            ret
            .ltorg
            .balign 2048
        vectors:
            .space 0x200
            mrs x9, elr_el1
            add x9, x9, #4
            msr elr_el1, x9
            ldr x3, =0xdead0baddead0bad
            eret
            .ltorg
            .balign 2048

        """;

    /// <summary>Runs the script; one value per read, in order.</summary>
    public static List<ulong> Run(IReadOnlyList<Operation> script, IReadOnlyList<uint> registers)
    {
        var folder = Directory.CreateTempSubdirectory("gic-judge").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "judge.s"), Assemble(script, registers));
            RunTool(folder, "aarch64-linux-gnu-as", "-o judge.o judge.s");
            RunTool(folder, "aarch64-linux-gnu-ld", "-Ttext=0x40200000 -o judge.elf judge.o");
            var output = RunTool(
                folder,
                "qemu-system-aarch64",
                "-M virt,gic-version=3,its=off -cpu cortex-a57 -smp 2 -m 64 -display none -monitor none -serial stdio -net none -kernel judge.elf");
            var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => ulong.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).Skip(1).ToList();
            Assert.Equal(script.Count(o => o.Reads), values.Count);
            return values;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Assemble(IReadOnlyList<Operation> script, IReadOnlyList<uint> registers)
    {
        var text = new StringBuilder(Program);
        text.AppendLine("readers:");
        foreach (var register in registers) text.Append(CultureInfo.InvariantCulture, $"    mrs x3, {Name(register)}\n    b show\n");
        text.AppendLine("writers:");
        foreach (var register in registers) text.Append(CultureInfo.InvariantCulture, $"    msr {Name(register)}, x2\n    b next\n");
        text.AppendLine("    .data\n    .balign 16\n    .space 4096\nstack:\nscript:");
        foreach (var o in script)
        {
            var where = o.Kind is OperationKind.ReadSystem or OperationKind.WriteSystem
                ? (ulong)registers.ToList().IndexOf((uint)o.Where)
                : o.Where;
            text.Append(CultureInfo.InvariantCulture, $"    .word {(int)o.Kind}, {where}\n    .quad {o.Value}\n");
        }

        return text.AppendLine("    .quad 0, 0").ToString();
    }

    private static string Name(uint e) => $"s{e >> 14 & 3}_{e >> 11 & 7}_c{e >> 7 & 15}_c{e >> 3 & 15}_{e & 7}";

    private static string RunTool(string folder, string tool, string arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"This test needs {tool}, which could not be started: {e.Message}", e);
        }

        using (process)
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{tool} {arguments} failed: {errors.GetAwaiter().GetResult()}");
            return output;
        }
    }
}

/// <summary>Numbers are the program's.</summary>
internal enum OperationKind
{
    Read8 = 1,
    Read32,
    Read64,
    Write8,
    Write32,
    Write64,
    ReadSystem,
    WriteSystem,
}

/// <summary>One access: a physical address or a system register's encoding.</summary>
internal readonly record struct Operation(OperationKind Kind, ulong Where, ulong Value)
{
    public bool Reads => Kind is OperationKind.Read8 or OperationKind.Read32 or OperationKind.Read64 or OperationKind.ReadSystem;

    public override string ToString() => Reads ? $"{Kind} {Where:x}" : $"{Kind} {Where:x} = {Value:x}";
}
