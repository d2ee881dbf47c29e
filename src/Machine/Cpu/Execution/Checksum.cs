using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>CRC32 and CRC32C of 1 to 8 bytes (Arm ARM C6.2, FEAT_CRC32). HOT.</summary>
internal static unsafe class Checksum
{
    private static readonly uint[] Crc32 = BuildTable(0xedb8_8320);
    private static readonly uint[] Crc32C = BuildTable(0x82f6_3b78);

    public static bool Decode(uint word, A64Op* op)
    {
        op->Rd = word.Target(0);
        op->Rn = word.Source(5);
        op->Rm = word.Source(16);
        op->Ra = (byte)(1 << (int)word.Bits(10, 2));
        op->Execute = word.Bit(12) ? &Castagnoli : &Ethernet;
        return true;
    }

    private static A64Op* Ethernet(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = Add(Crc32, (uint)x[op->Rn], x[op->Rm], op->Ra);
        return op + 1;
    }

    private static A64Op* Castagnoli(ProcessingElement pe, A64Op* op, ulong* x)
    {
        x[op->Rd] = Add(Crc32C, (uint)x[op->Rn], x[op->Rm], op->Ra);
        return op + 1;
    }

    private static uint Add(uint[] table, uint crc, ulong data, int bytes)
    {
        for (var i = 0; i < bytes; i++, data >>= 8)
            crc = table[(byte)(crc ^ data)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] BuildTable(uint polynomial)
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? polynomial : 0);
            table[i] = remainder;
        }

        return table;
    }
}
