import{a as t}from"./amps-cards.chunk.6Q7EU2UX.js";var e=t,s=e;export{s as default};
