namespace RmStack.Machine.Cpu;

public interface ICpuInterface { bool IrqPending { get; } bool FiqPending { get; } bool AnythingPending { get; } bool TryRead(uint encoding, out ulong value); bool TryWrite(uint encoding, ulong value); }
