/* Entry and system calls of the programs without a libc. What includes this defines run(), whose
 * result is the exit status. The stack is as the kernel left it: argc, the arguments, 0, the
 * environment, 0. */

static int run(long *stack);

#if defined(__x86_64__)

enum { EXECVE = 59, EXIT_GROUP = 231 };
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call begin\n");

static long system_call(long number, long first, long second, long third) {
    __asm__ volatile("syscall"
                     : "+a"(number)
                     : "D"(first), "S"(second), "d"(third)
                     : "rcx", "r11", "memory");
    return number;
}

#elif defined(__aarch64__)

enum { EXECVE = 221, EXIT_GROUP = 94 };
__asm__(".globl _start\n_start: mov x0, sp\n bl begin\n");

static long system_call(long number, long first, long second, long third) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}

#else
#error "no system calls are known for this processor"
#endif

__attribute__((used, noreturn)) void begin(long *stack) {
    system_call(EXIT_GROUP, run(stack), 0, 0);
    __builtin_unreachable();
}
