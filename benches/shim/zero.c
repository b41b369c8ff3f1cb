/* What a small ordinary program costs to start: linked statically against the system's libc. */
int main(void) { return 0; }
