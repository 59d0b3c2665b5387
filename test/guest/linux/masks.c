#define _GNU_SOURCE
#include <sys/select.h>
#include <signal.h>
#include <stdio.h>
#include <poll.h>
#include <errno.h>
#include <unistd.h>
static void h(int s){ printf("handler %d\n", s); fflush(stdout);}
int main(){ sigset_t b,e,o; sigemptyset(&e); sigemptyset(&b); sigaddset(&b,SIGUSR1); signal(SIGUSR1,h);
 sigprocmask(SIG_BLOCK,&b,0); raise(SIGUSR1); printf("pending\n"); fflush(stdout);
 int r=sigsuspend(&e); printf("%d %d\n",r,errno);
 raise(SIGUSR1); struct timespec t={1,0};
 r=ppoll(0,0,&t,&e); printf("ppoll %d %d\n",r,r<0?errno:0); sigprocmask(0,0,&o); printf("blocked %d\n",sigismember(&o,SIGUSR1));
 r=ppoll(0,0,&t,&e); printf("ppoll %d %d\n",r,r<0?errno:0); sigprocmask(0,0,&o); printf("blocked %d\n",sigismember(&o,SIGUSR1));
 raise(SIGUSR1); fd_set s; FD_ZERO(&s);
 r=pselect(0,&s,0,0,&t,&e); printf("pselect %d %d\n",r,r<0?errno:0); sigprocmask(0,0,&o); printf("blocked %d\n",sigismember(&o,SIGUSR1));
 sigprocmask(SIG_UNBLOCK,&b,0); }
