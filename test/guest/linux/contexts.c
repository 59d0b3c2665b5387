/* Contexts that a program swaps, by its library and by the system call. */
#define _GNU_SOURCE
#include <ucontext.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <signal.h>
static ucontext_t m, f; static char st[65536];
static double d = 1.5;
static void fn(int a, int b){ printf("in %d %d\n", a, b); double x = d * 2; swapcontext(&f,&m); printf("again %g\n", x); }
int main(void){ getcontext(&f); f.uc_stack.ss_sp=st; f.uc_stack.ss_size=sizeof st; f.uc_link=&m; makecontext(&f,(void(*)(void))fn,2,1,2);
 sigset_t s; sigemptyset(&s); sigaddset(&s,SIGUSR1); sigprocmask(SIG_BLOCK,&s,0);
 printf("a %d\n", swapcontext(&m,&f)); printf("b\n"); printf("c %d\n", swapcontext(&m,&f)); sigset_t o; sigprocmask(SIG_BLOCK,0,&o); printf("end %d\n", sigismember(&o,SIGUSR1)); 
 static ucontext_t u; volatile int k=0; int r = syscall(SYS_swapcontext,&u,0,sizeof u); printf("raw %d k %d\n", r == 0 ? 0 : 1, k);  if (k++ < 2) syscall(SYS_swapcontext,0,&u,sizeof u); 
 printf("small %d\n", (int)syscall(SYS_swapcontext,&u,0,100)); return 0; }
