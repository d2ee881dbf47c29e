using System.Runtime.CompilerServices;

// The tests look at decoded operations and at the TLB.
[assembly: InternalsVisibleTo("RmStack.Machine.Tests")]
