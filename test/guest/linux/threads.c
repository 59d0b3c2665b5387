/* Threads that take turns, wait, spin, are cancelled, get signals. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <semaphore.h>
#include <signal.h>
#include <errno.h>
#include <time.h>
static pthread_mutex_t m=PTHREAD_MUTEX_INITIALIZER; static pthread_cond_t c=PTHREAD_COND_INITIALIZER; static int turn; static __thread int tls=5; static pthread_barrier_t bar; static sem_t sem; static pthread_rwlock_t rw=PTHREAD_RWLOCK_INITIALIZER;
static pthread_key_t key; static void dtor(void*p){ printf("dtor %ld\n",(long)p); }
static void *pp(void*a){ long me=(long)a; tls+=me; for(int i=0;i<5;i++){ pthread_mutex_lock(&m); while(turn%3!=me) pthread_cond_wait(&c,&m); printf("thread %ld turn %d tls %d\n",me,turn,tls); turn++; pthread_cond_broadcast(&c); pthread_mutex_unlock(&m);} pthread_barrier_wait(&bar); return (void*)(me*10); }
static void *spin(void*a){ volatile long *p=a; while(!*p); return (void*)7; }
static void *sl(void*a){ sem_wait(&sem); pthread_setspecific(key,(void*)99); pthread_exit((void*)3); }
static volatile int quit; static void *rests(void*a){ while(!quit) usleep(300); return (void*)8; }
static pthread_t hit; static void h(int s){ printf("handler in the thread: %d\n", pthread_equal(pthread_self(),hit)); }
static void *waits(void*a){ sigset_t s; sigemptyset(&s); sigaddset(&s,SIGUSR2); int g; sigwait(&s,&g); printf("sigwait %d\n",g); return 0; }
static void *brief(void*a){ return a; }
int main(void){ setvbuf(stdout,0,_IOLBF,0); pthread_t t[3]; pthread_barrier_init(&bar,0,3); for(long i=0;i<3;i++) pthread_create(&t[i],0,pp,(void*)i); for(int i=0;i<3;i++){ void*r; pthread_join(t[i],&r); printf("joined %ld\n",(long)r);} printf("main tls %d\n",tls);
 volatile long flag=0; pthread_t s; pthread_create(&s,0,spin,(void*)&flag); usleep(1000); flag=1; void*r; pthread_join(s,&r); printf("spin %ld\n",(long)r);
 sem_init(&sem,0,0); pthread_key_create(&key,dtor); pthread_create(&s,0,sl,0); sem_post(&sem); pthread_join(s,&r); printf("exit %ld\n",(long)r);
 signal(SIGUSR1,h); pthread_create(&s,0,rests,0); hit=s; usleep(1000); pthread_kill(s,SIGUSR1); usleep(1000); quit=1; pthread_join(s,&r); printf("rested %ld\n",(long)r);
 sigset_t set; sigemptyset(&set); sigaddset(&set,SIGUSR2); pthread_sigmask(SIG_BLOCK,&set,0); pthread_create(&s,0,waits,0); usleep(1000); kill(getpid(),SIGUSR2); pthread_join(s,0);
 struct timespec ts; clock_gettime(CLOCK_REALTIME,&ts); ts.tv_nsec+=2000000; if(ts.tv_nsec>=1000000000){ts.tv_sec++;ts.tv_nsec-=1000000000;} pthread_mutex_lock(&m); printf("timedwait %d\n", pthread_cond_timedwait(&c,&m,&ts)==ETIMEDOUT); pthread_mutex_unlock(&m);
 pthread_t many[8]; for(int i=0;i<8;i++) if(pthread_create(&many[i],0,brief,(void*)(long)i)) printf("create failed %d\n", i); long sum=0; for(int i=0;i<8;i++){ pthread_join(many[i],&r); sum+=(long)r; } printf("sum %ld\n", sum);
 return 4; }
