namespace RmStack.Machine.Cpu;

public interface ICounterTimer { bool TryRead(uint encoding, out ulong value); bool TryWrite(uint encoding, ulong value); ulong NextDeadline { get; } void Update(); }
